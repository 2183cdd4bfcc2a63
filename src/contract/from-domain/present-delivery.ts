import { instantText, instantTextOrNull } from '#base/instant.ts';
import type { Delivery as DomainDelivery } from '#domain/delivery/delivery.ts';
import type { Receiver as DomainReceiver } from '#domain/delivery/receiver.ts';
import type { Delivery } from '../delivery.ts';
import type { Receiver } from '../receiver.ts';

/** A ticket or a run of a workflow as people see it: never an event, and nothing that was passed over. */
export function presentDelivery(delivery: DomainDelivery): Delivery {
  const { kind, state } = delivery;
  return {
    id: delivery.id,
    kind: kind === 'workflow' ? kind : 'ticket',
    receiver: delivery.receiver,
    state: state === 'passed_over' ? 'withdrawn' : state,
    rule: delivery.rule,
    wantedBy: delivery.wantedBy,
    wantedAt: instantText(delivery.wantedAt),
    nextAt: instantTextOrNull(delivery.nextAt),
    attempts: delivery.attempts,
    key: delivery.key,
    url: delivery.url,
    sentence: delivery.sentence,
  };
}

export function presentReceiver(receiver: DomainReceiver): Receiver {
  return {
    name: receiver.name,
    kind: receiver.kind,
    address: receiver.address,
    project: receiver.project,
    ticketType: receiver.ticketType,
    account: receiver.account,
    allowPrivate: receiver.allowsPrivate,
    events: receiver.wantsEvents,
    leastSeverity: receiver.leastSeverity,
    digestMinutes: receiver.digestMinutes,
    addedBy: receiver.createdBy,
    addedAt: instantText(receiver.createdAt),
    last: receiver.last === null ? null : { ...receiver.last, at: instantText(receiver.last.at) },
  };
}
