/** What is about to be sent: a look at each file, a way to take it out again, and what is sent along with it. */
import type { JSX } from 'preact'
import { fileWords } from '../../words/files.ts'
import { sizeWords } from '../../words/sizes.ts'
import { Icon } from '../icon.tsx'
import type { PickedFiles } from './picked.ts'

/** Pictures that the client rids of their metadata. */
const bare = /^image\/(?:png|jpeg|webp|gif)$/
const tells = /^(?:image|video|audio)\//

export function Tray({ picked }: { picked: PickedFiles }): JSX.Element {
  const types = picked.items.filter(({ source }) => !source.voice).map(({ source }) => source.type)
  const some = types.some((type) => bare.test(type))
  const others = types.some((type) => tells.test(type) && !bare.test(type))
  return (
    <div class="tray">
      <ul aria-label={fileWords.toSend}>
        {picked.items.map(({ id, source, preview }) => (
          <li key={id}>
            {preview ? (
              <img class="tray-picture" src={preview} alt="" />
            ) : (
              <Icon name={source.voice ? 'microphone' : 'file'} />
            )}
            <span class="file-name">
              <bdi>{source.voice ? fileWords.voice : source.name}</bdi>
            </span>
            <span class="file-size">{sizeWords(source.size)}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={fileWords.remove(source.voice ? fileWords.voice : source.name)}
              title={fileWords.remove(source.voice ? fileWords.voice : source.name)}
              onClick={() => picked.remove(id)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {some && <p>{fileWords.bare}</p>}
      {others && <p>{fileWords.notBare}</p>}
    </div>
  )
}
