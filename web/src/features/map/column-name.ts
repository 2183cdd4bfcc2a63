/** What a column of the map is called, from 0, in the picture and in the text alike. */
export function columnName(index: number): string {
  return index === 0 ? 'Start' : `Step ${index}`;
}
