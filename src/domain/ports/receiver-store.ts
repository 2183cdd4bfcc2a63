import type { Instant } from '#base/instant.ts';
import type { NewReceiver, Receiver } from '../delivery/receiver.ts';

/** Keeps the places outside to which we deliver, each with its sealed secret. */
export interface ReceiverStore {
  list(): Promise<readonly Receiver[]>;
  /** In the place of one of that name, if there is one. */
  put(receiver: NewReceiver, sealed: Uint8Array, actor: string, at: Instant): Promise<void>;
  /** False when there is none. */
  remove(name: string, actor: string, at: Instant): Promise<boolean>;
  /** Null when there is none. */
  sealedSecret(name: string): Promise<Uint8Array | null>;
  /** What became of the last delivery; `failure` null: it arrived. */
  tell(name: string, at: Instant, failure: string | null): Promise<void>;
}
