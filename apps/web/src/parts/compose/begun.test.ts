import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Addressee, type Begun, begunIn, textFor, withAddressee, withText } from './begun.ts'

const [ana, ben] = ['ana', 'ben']
const begun = (to: Addressee, texts: [Addressee, string][] = []): Begun => ({ to, texts: new Map(texts) })

it('[TO1] what was begun for everyone goes along to one person, and back only as it was; a person’s text stays with that person', () => {
  const typed = withText(begun(undefined), undefined, 'hello')
  const toAna = withAddressee(typed, ana)
  expect(textFor(toAna, ana)).toBe('hello')
  expect(textFor(toAna, undefined)).toBe('')
  expect(textFor(withAddressee(toAna, undefined), undefined)).toBe('hello')
  const more = withAddressee(withText(toAna, ana, 'hello, secretly'), undefined)
  expect(textFor(more, undefined)).toBe('')
  expect(textFor(withAddressee(more, ben), ben)).toBe('')
  expect(textFor(withAddressee(more, ana), ana)).toBe('hello, secretly')
  // What stands there already is not written over.
  const both = withAddressee(withText(withText(more, undefined, 'for all'), ana, 'for Ana'), ana)
  expect([textFor(both, ana), textFor(both, undefined)]).toEqual(['for Ana', 'for all'])
})

it('[TO1] whatever is chosen in whatever order, no word that was typed for one person stands where others would get it', () => {
  const addressee = fc.constantFrom<Addressee>(undefined, ana, ben)
  const step = fc.oneof(fc.record({ choose: addressee }), fc.record({ type: fc.constant(true) }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let now = begun(undefined)
      for (const one of steps) {
        // Each word says for whom it was typed.
        if ('type' in one) now = withText(now, now.to, `${textFor(now, now.to)} <${now.to ?? 'all'}>`)
        else now = withAddressee(now, one.choose)
        for (const [to, text] of now.texts) {
          if (to !== ana) expect(text).not.toContain('<ana>')
          if (to !== ben) expect(text).not.toContain('<ben>')
        }
      }
    }),
  )
})

it('[TO1] drafts come back for whom they were, the newest in front', () => {
  const newest = { text: 'for Ana', to: ana }
  const back = begunIn([{ text: 'for all' }, newest], newest)
  expect(back.to).toBe(ana)
  expect([textFor(back, ana), textFor(back, undefined), textFor(back, ben)]).toEqual(['for Ana', 'for all', ''])
  expect(begunIn([], undefined).to).toBeUndefined()
})
