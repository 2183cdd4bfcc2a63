import type { Evidence } from '../risk/detected-risk.ts';
import { isPublic } from './audience.ts';
import type { Admitted } from './azure-admitted.ts';
import type { AzureEstate } from './azure-estate.ts';
import { audienceOfSenders } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay, type Way } from './way-in.ts';

/** Whom something in front lets through to what it forwards to. */
export interface ClientsWay {
  readonly clients: Admitted;
  /** The firewall policy that blocks some requests by what they ask for. */
  readonly filteredBy: string | undefined;
  readonly way: Way;
  /** What is told of it, in the words for whom. */
  readonly said: (whom: string) => readonly Evidence[];
}

/** The way in of whoever gets through: open where they are certain to be strangers, unknown where they may be. */
export function exposeClients(
  { corporate }: AzureEstate,
  { clients, filteredBy, way, said }: ClientsWay,
): readonly ExposureRecord[] {
  const audience = audienceOfSenders(clients.certain, corporate);
  const filter = filteredBy === undefined ? {} : { filteredBy };
  if (!isPublic(audience) && isPublic(audienceOfSenders(clients.possible, corporate)))
    return [{ ...unsureWay(clients.missing, way), ...filter }];
  if (audience === 'none' || audience === 'corp')
    return [closedWay({ ...way, evidence: said('nobody on the internet') })];
  return [{ ...openWay(audience, { ...way, evidence: said(WHO[audience] ?? audience) }), ...filter }];
}

/** How sentences call an audience. */
export const WHO: Readonly<Partial<Record<string, string>>> = {
  internet: 'the whole internet',
  'internet-wide': 'a large part of the internet',
  'any-azure': 'every customer of Azure',
  partner: 'some addresses of the internet',
};
