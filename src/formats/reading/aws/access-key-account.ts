const KEY_ID = /^A[KS]IA([A-Z2-7]{16})$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** The first nine letters behind the prefix hold a mark, the account in 40 bits, and what says nothing. */
const LETTERS = 9;
const MARK = 2n ** 44n;
const BEHIND = 4n;

/**
 * The account that an access key id spells (attack-paths §1.5, A+): twelve digits, behind the letters of its kind in
 * base 32. Undefined for ids of before 2019, which carry no mark and no account, and for anything else.
 */
export function accountOfAccessKey(id: string): string | undefined {
  const letters = KEY_ID.exec(id)?.[1]?.slice(0, LETTERS);
  if (letters === undefined) return undefined;
  const bits = [...letters].reduce((sum, letter) => sum * 32n + BigInt(ALPHABET.indexOf(letter)), 0n);
  if (bits < MARK) return undefined;
  const account = ((bits - MARK) >> BEHIND).toString().padStart(12, '0');
  return account.length === 12 ? account : undefined;
}
