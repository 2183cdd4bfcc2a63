import { createHash, randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { CommentStore } from '#domain/ports/comment-store.ts';
import { type Connection, inTransaction, type Pool } from './database.ts';
import { recordEvent } from './events.ts';
import type { Organisation } from './organisation.ts';
import { currentIssueId } from './rekey/issue-redirects.ts';

/**
 * Comments in PostgreSQL. The audit trail says who said something, changed or deleted it, with a digest of the text and
 * not the text: what somebody deletes because it should never have been said is gone.
 */
export class PostgresCommentStore implements CommentStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async add(asked: string, text: string, author: string): Promise<string | null> {
    const { shard } = this.#organisation;
    const at = this.#clock.now();
    return inTransaction(this.#pool, async (connection) => {
      const issueId = await currentIssueId(connection, shard, asked);
      const known = await connection.query('select from issue where shard = $1 and id = $2', [
        shard,
        issueId,
      ]);
      if (known.rowCount === 0) return null;
      const id = base32Hex(randomBytes(10));
      await connection.query(
        'insert into comment (shard, id, issue_id, author, at, text) values ($1, $2, $3, $4, $5, $6)',
        [shard, id, issueId, author, new Date(at), text],
      );
      this.#record(connection, 'comment', author, issueId, { comment: id, text: digestOf(text) });
      return id;
    });
  }

  async authorOf(id: string): Promise<string | null> {
    const result = await this.#pool.query<{ author: string }>(
      'select author from comment where shard = $1 and id = $2 and deleted_at is null',
      [this.#organisation.shard, id],
    );
    return result.rows[0]?.author ?? null;
  }

  edit(id: string, text: string, actor: string): Promise<void> {
    return this.#change(id, 'comment-edited', text, actor);
  }

  remove(id: string, actor: string): Promise<void> {
    return this.#change(id, 'comment-deleted', null, actor);
  }

  #change(
    id: string,
    verb: 'comment-edited' | 'comment-deleted',
    text: string | null,
    actor: string,
  ): Promise<void> {
    const { shard } = this.#organisation;
    return inTransaction(this.#pool, async (connection) => {
      const column = text === null ? 'deleted_at' : 'edited_at';
      const changed = await connection.query<{ issue_id: string; author: string; text: string }>(
        `update comment set text = $3, ${column} = $4 where shard = $1 and id = $2 and deleted_at is null and text is distinct from $3
         returning issue_id, author, (select was.text from comment as was where was.shard = $1 and was.id = $2) as text`,
        [shard, id, text, new Date(this.#clock.now())],
      );
      const [before] = changed.rows;
      if (before === undefined) return;
      this.#record(connection, verb, actor, before.issue_id, {
        comment: id,
        author: before.author,
        before: digestOf(before.text),
        ...(text !== null && { text: digestOf(text) }),
      });
    });
  }

  #record(
    connection: Connection,
    verb: string,
    actor: string,
    issueId: string,
    details: Readonly<Record<string, unknown>>,
  ): void {
    recordEvent(connection, this.#organisation.shard, {
      at: this.#clock.now(),
      actor,
      verb,
      subject: `issue:${issueId}`,
      details: { kind: verb, ...details },
    });
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
