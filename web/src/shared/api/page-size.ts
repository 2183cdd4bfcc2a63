/** How many rows one page of the list asks for. */
export const PAGE_SIZE = 100;
