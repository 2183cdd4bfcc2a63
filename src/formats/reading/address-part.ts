/** A text of a report as a part of a web address; a lone surrogate, which no address can hold, becomes U+FFFD. */
export function addressPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
