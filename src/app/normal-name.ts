/** A person's name as it is kept and looked up: one spelling for what looks the same. */
export function normalName(text: string): string {
  return text.normalize('NFC').trim();
}
