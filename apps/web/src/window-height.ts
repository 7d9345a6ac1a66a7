/** Keeps the room as high as what is left above an on-screen keyboard, in browsers that lay it over the page. */
export function followWindowHeight(window: Window): void {
  const viewport = window.visualViewport
  if (viewport === null) return
  const update = (): void => {
    // While a person has zoomed in, the visible part says nothing about a keyboard.
    if (viewport.scale !== 1) return
    window.document.documentElement.style.setProperty('--window-height', `${viewport.height}px`)
  }
  viewport.addEventListener('resize', update)
  update()
}
