import { z } from 'zod';

/**
 * A query parameter that holds several words of a closed list, separated by commas
 * (`severity=critical,high`). Read as an array; an unknown word is an error, an empty text is no word.
 */
export function commaList<Word extends string>(word: z.ZodType<Word, Word>) {
  return z
    .string()
    .max(1000)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(word as z.ZodType<Word, string>));
}
