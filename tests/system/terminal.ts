/** A terminal of so many columns as its reader sees it: what a program wrote, with its movements of the cursor carried out. */
export function screenOf(written: string, columns: number): string[] {
  const rows: string[][] = [[]]
  let [row, column] = [0, 0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences of the terminal begin with one
  for (const [piece, parameters, command] of written.matchAll(/\u001b\[([?0-9;]*)([A-Za-z])|[\s\S]/gu)) {
    const count = Number(parameters?.split(';', 1)[0]) || 1
    if (command === 'A') row = Math.max(0, row - count)
    else if (command === 'B') row += count
    else if (command === 'C') column += count
    else if (command === 'D') column = Math.max(0, column - count)
    else if (command === 'G') column = count - 1
    else if (command === 'J') {
      rows.length = row + 1
      rows[row] = rows[row]!.slice(0, column)
    } else if (command === 'K') rows[row] = rows[row]!.slice(0, column)
    else if (piece === '\r') column = 0
    else if (piece === '\n') row++
    else if (command === undefined) {
      if (column >= columns) {
        row++
        column = 0
      }
      rows[row] ??= []
      const cells = rows[row]!
      while (cells.length < column) cells.push(' ')
      cells[column++] = piece
    }
    while (rows.length <= row) rows.push([])
  }
  return rows.map((cells) => cells.join('').trimEnd())
}
