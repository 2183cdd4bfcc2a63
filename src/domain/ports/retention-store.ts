/** Takes leave of what is kept no longer: sightings of images that do not count, closed findings, signals, history. */
export interface RetentionStore {
  /**
   * Deletes one bounded batch, in one transaction; answers how many rows. 0 when nothing is left to delete, or
   * while an import runs or another process deletes.
   */
  forget(): Promise<number>;
}
