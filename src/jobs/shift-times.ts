const ISO = /\b(20[2-9]\d)-(\d{2})-(\d{2})(?:([T ])(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?\b/g;

/** A text whose ISO dates and times since 2020 are moved; older ones, among them the versions of policy languages, stay. */
export async function* shiftTimes(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  byMs: number,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  yield Buffer.from(shiftText(Buffer.concat(chunks).toString('utf8'), byMs));
}

/** Each time keeps the form in which it is written. */
function shiftText(text: string, byMs: number): string {
  return text.replace(
    ISO,
    (whole, year, month, day, separator, hour, minute, second, fraction = '', zone = '') => {
      if (separator === undefined) {
        const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
        return new Date(date + byMs).toISOString().slice(0, 10);
      }
      const moved = new Date(
        Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) +
          byMs,
      );
      if (Number.isNaN(moved.getTime())) return whole;
      const [date, time] = moved.toISOString().slice(0, 19).split('T');
      return `${date}${separator}${time}${fraction}${zone}`;
    },
  );
}
