/** A receiver that did not take what was delivered; the message never holds a secret. */
export class DeliveryFailure extends Error {
  /** For how long it asks not to be asked. */
  readonly leaveAloneMs: number;

  constructor(message: string, options: { readonly leaveAloneMs?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'DeliveryFailure';
    this.leaveAloneMs = options.leaveAloneMs ?? 0;
  }
}
