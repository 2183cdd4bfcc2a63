import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { DEFAULT_SIGN_OF_LIFE_MS, uploadBounds } from './server-parts.ts';

test('what one may upload, and how long one waits for a sign of life, is what the page of defaults says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/defaults.md'), 'utf8');
  const { uploadMaxBytes, uploadMaxBytesPerDay } = uploadBounds(USUAL_LIMITS);
  const { session, token } = uploadMaxBytes;
  expect(page).toContain(`a page sends a file of at most ${session / 1024 ** 2} MB`);
  expect(page).toContain(`whoever has a token one of ${token / 1024 ** 3} GB`);
  expect(page).toContain(
    `${USUAL_LIMITS['uploads-a-minute']} uploads a minute and ${uploadMaxBytesPerDay / 1024 ** 3} GB a day`,
  );
  expect(page).toContain(`white space every ${DEFAULT_SIGN_OF_LIFE_MS / 1_000} seconds`);
});
