import type { ControlEdit } from '../control/effective-controls.ts';

/** What an edit says; who and when come from the caller and the clock. */
export type ControlChange = Omit<ControlEdit, 'by' | 'at'>;

/** Keeps what an organisation says about the catalogue's controls. */
export interface ControlStore {
  /** By the control's id; controls that nobody edited are missing. */
  edits(): Promise<ReadonlyMap<string, ControlEdit>>;
  /**
   * Stores the edit that `decide` makes of an earlier one (null: there is none), with an audit row, and assesses the
   * issues of that control anew in the same transaction; `issueIds` are all that it can have.
   */
  edit(
    control: string,
    decide: (before: ControlEdit | null) => ControlChange,
    issueIds: readonly string[],
    actor: string,
  ): Promise<ControlEdit>;
  /** The control counts as the catalogue has it again. False when nobody had edited it. */
  reset(control: string, issueIds: readonly string[], actor: string): Promise<boolean>;
}
