import { hash64 } from '#base/digest.ts';

/**
 * The number of a unit of coverage, `check@place` or any other text: the place in the upper half, the
 * rest in the lower, so that a scan can also be asked whether it looked at the place at all. 0 stands
 * for the whole scope.
 */
export function coverNumber(unit: string): bigint {
  if (unit === '') return 0n;
  const split = unit.lastIndexOf('@');
  const place = split < 0 ? '' : unit.slice(split + 1);
  const rest = split < 0 ? unit : unit.slice(0, split);
  return BigInt.asIntN(
    64,
    (BigInt.asUintN(32, hash64(`place:${place}`)) << 32n) | BigInt.asUintN(32, hash64(`unit:${rest}`)),
  );
}

/** The place of a unit, as a number to compare. */
export function placeOfCover(cover: bigint): bigint {
  return cover >> 32n;
}
