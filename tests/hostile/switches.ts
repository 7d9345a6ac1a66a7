/** One defence each, switched off by a change of the product's text: the test of its rule must notice. Test code only. */

export interface Switch {
  name: string
  rule: string
  /** The test that must fail: its file and the tag in its title. */
  test: { file: string; id: string }
  /** From the root of the project. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
}

export const switches: readonly Switch[] = []

export function withoutDefence({ name, file, find, replace }: Switch, code: string): string {
  const parts = code.split(find)
  if (parts.length !== 2) throw new Error(`switch ${name}: its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}
