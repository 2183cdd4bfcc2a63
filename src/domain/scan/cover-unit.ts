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
  return BigInt.asIntN(64, (BigInt.asUintN(32, hash64(`place:${place}`)) << 32n) | unitPart(rest));
}

/** The number of the unit `to` at the same place, where this is the number of the unit `from`; else itself. */
export function renamedCover(cover: bigint, from: string, to: string): bigint {
  return lowerHalf(cover) === unitPart(from)
    ? BigInt.asIntN(64, (cover - lowerHalf(cover)) | unitPart(to))
    : cover;
}

function lowerHalf(cover: bigint): bigint {
  return BigInt.asUintN(32, cover);
}

function unitPart(rest: string): bigint {
  return BigInt.asUintN(32, hash64(`unit:${rest}`));
}

/** The place of a unit, as a number to compare. */
export function placeOfCover(cover: bigint): bigint {
  return cover >> 32n;
}
