/** As long as nobody scrolled, the next page is wanted when fewer rows than this are left below those that are drawn. */
const LEFT_AT_REST = 30;
/** Of whoever scrolls a wheel or holds a key: what passes by in two seconds, which is longer than a page takes to come. */
const LEFT_ON_THE_WAY = 400;

/** Whether the next page of the list is to be asked for, with so many rows left that are loaded and not drawn. */
export function isMoreWanted(left: number, isScrolled: boolean): boolean {
  return left < (isScrolled ? LEFT_ON_THE_WAY : LEFT_AT_REST);
}
