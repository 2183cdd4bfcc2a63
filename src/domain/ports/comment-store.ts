/** What people say about issues. It is kept as long as the issue; what changes of it leaves a trace in the history. */
export interface CommentStore {
  /** Answers its id; null when there is no such issue. */
  add(issueId: string, text: string, author: string): Promise<string | null>;
  /** Who wrote it; null when there is none, or it was deleted. */
  authorOf(id: string): Promise<string | null>;
  edit(id: string, text: string, actor: string): Promise<void>;
  /** Its text goes for good. */
  remove(id: string, actor: string): Promise<void>;
}
