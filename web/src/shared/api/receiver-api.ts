import { type Receiver, type ReceiverBody, receiverListSchema } from '../../../../src/contract/receiver.ts';
import { post, readAs } from './call-api.ts';

/** Trackers and webhooks outside, without their secrets. */
export function getReceivers(signal: AbortSignal): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers', { signal });
}

/** Adds one, or puts another one in the place of the one of that name. */
export function putReceiver(receiver: ReceiverBody): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers', post(receiver));
}

export function removeReceiver(name: string): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers/remove', post({ name }));
}
