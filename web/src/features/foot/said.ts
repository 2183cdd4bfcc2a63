/** What was just done, for the foot of the list; with a way back where there is one. */
export interface Said {
  readonly text: string;
  readonly title: string;
  readonly undo?: () => void;
}
