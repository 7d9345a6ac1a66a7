/** A window of a browser that Playwright does not drive, used by what a screen reader names. */
export interface OtherWindow {
  open(url: string): Promise<void>
  reload(): Promise<void>
  /** Takes the place of what stood in the textbox of that name. */
  fill(textbox: string, text: string): Promise<void>
  press(button: string): Promise<void>
  value(textbox: string): Promise<string>
  /** Until the textbox is there. */
  shows(textbox: string): Promise<void>
  /** Until the page says so. */
  says(text: string): Promise<void>
  key(key: 'Enter' | 'Escape'): Promise<void>
}

export interface OtherBrowser {
  /** As the browser names itself. */
  version: string
  /** A window of its own: nothing is shared with the others. */
  window(): Promise<OtherWindow>
  close(): Promise<void>
}

/** How long a window waits for what it shall show. */
export const patienceMs = 30_000
