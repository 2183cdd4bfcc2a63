import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';

/** What is known of a watched place from the last look, so that the same is not read again. */
export interface PlaceMark {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Of its content, or of the names, sizes and times of a folder's files. */
  readonly digest: string | null;
}

/** A folder or an address that is looked at on a schedule. */
export interface Watch {
  readonly id: string;
  readonly location: string;
  /** What is said of the reports that it brings: the options of an import. */
  readonly options: JsonObject;
  readonly everyMinutes: number;
  /** Addresses of this network are allowed. */
  readonly allowsPrivate: boolean;
  readonly createdBy: string;
  readonly nextAt: Instant;
  readonly mark: PlaceMark;
  /** The last look; null: there was none. */
  readonly last: {
    readonly at: Instant;
    /** `unread`: something there could not be read, and is still the same. */
    readonly state: 'read' | 'same' | 'failed' | 'unread';
    readonly sentence: string;
  } | null;
}

/** Keeps what is watched. */
export interface WatchStore {
  list(): Promise<readonly Watch[]>;
  add(watch: Omit<Watch, 'mark' | 'last'>, at: Instant): Promise<void>;
  /** False when there is none. */
  remove(id: string, actor: string, at: Instant): Promise<boolean>;
  /** Takes the next one whose time has come, and sets its next time; null where none is due. Of several processes one gets it. */
  takeDue(now: Instant): Promise<Watch | null>;
  /** `mark` null: as it was. */
  finish(id: string, mark: PlaceMark | null, last: NonNullable<Watch['last']>): Promise<void>;
}
