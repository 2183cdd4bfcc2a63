import type { RunningImport } from '../../../../src/contract/import.ts';
import { sizeText } from '../../shared/number-text.ts';

/** How far an upload is, in words, and as a share of 1; null: not to be told. */
export interface ImportProgress {
  readonly words: string;
  readonly share: number | null;
}

/** First its bytes come, then it waits for its turn, then it is read, and what changed is stored. */
export function importProgress({
  size,
  received,
  read,
}: Pick<RunningImport, 'size' | 'received' | 'read'>): ImportProgress {
  if (size === null)
    return { words: `${sizeText(read ?? received)} ${read === null ? 'sent' : 'read'}`, share: null };
  const whole = sizeText(size);
  if (received < size) return { words: `${sizeText(received)} of ${whole} sent`, share: received / size };
  if (read === null) return { words: `${whole} sent, waits for its turn`, share: null };
  if (read < size) return { words: `${sizeText(read)} of ${whole} read`, share: read / size };
  // What was packed is more than was sent.
  return { words: `${sizeText(read)} read, storing what changed`, share: null };
}
