/** The day of an instant where the reader is, as a field for days has it: `2026-12-08`. */
export function dayOf(at: number): string {
  const local = new Date(at);
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `${digits(local.getFullYear(), 4)}-${digits(local.getMonth() + 1, 2)}-${digits(local.getDate(), 2)}`;
}

/** The end of such a day where the reader is, as an instant; null for what is no day. */
export function endOfDay(day: string): string | null {
  const end = new Date(`${day}T23:59:59.999`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}
