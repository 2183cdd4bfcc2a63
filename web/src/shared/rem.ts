/** Pixels of one rem in a browser that nobody asked for larger text. */
export const USUAL_REM = 16;

/** The pixels of one rem as it is now: more for whoever asked the browser for larger text, and on a very large screen. */
export function remInPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}
