import { dateText } from '#base/instant.ts';
import { assumedBy } from '../resource/assumed-join.ts';
import { called, calledFirst } from '../resource/called.ts';
import type { Evidence, RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type ExposureRecord, publicAccessibility } from './exposure-record.ts';
import type { SeenAnswer } from './seen-answer.ts';
import { servesPort } from './surface.ts';
import { closedWay, openWay } from './way-in.ts';

/**
 * Ways in with what was seen of them (attack-paths §2.2, 7). That something listens, or nothing, is told beside a way and
 * changes no verdict. An answer that was seen from the internet proves a way in, and wins over what the descriptions
 * say unless these are newer; what contradicts is shown.
 */
export function withAnswers(
  resource: EstateResource,
  records: readonly ExposureRecord[],
  answers: readonly SeenAnswer[],
): readonly ExposureRecord[] {
  if (answers.length === 0) return records;
  const own = publicAccessibility(records).state;
  const proofs = answers.filter(
    (answer) =>
      answer.isOpen &&
      answer.isFromInternet &&
      !records.some((record) => isOpenRecord(record) && covers(record, answer)),
  );
  const told = records.map((record) => listening(resource, record, answers));
  const proven = proofs.map((answer) => provenWay(resource, answer, own));
  return own === 'yes' ? [...told, ...proven] : [...proven, ...told];
}

function isOpenRecord({ verdict, audience }: ExposureRecord): boolean {
  return verdict === 'yes' && isPublic(audience);
}

function covers({ surface }: ExposureRecord, { protocol, port }: SeenAnswer): boolean {
  return port === 'others' ? surface.startsWith(`${protocol}/`) : servesPort(surface, protocol, port);
}

/** Only one port, perhaps behind a load balancer: what is closed beside others of a way says nothing of these. */
const ONE_PORT = /^(?:tcp|udp)\/\d{1,5}(?: through .*)?$/;

function listening(
  resource: EstateResource,
  record: ExposureRecord,
  answers: readonly SeenAnswer[],
): ExposureRecord {
  if (record.verdict === 'no') return record;
  const own = answers.filter((answer) => covers(record, answer));
  const open =
    own.find(({ isOpen, isFromInternet }) => isOpen && isFromInternet) ?? own.find(({ isOpen }) => isOpen);
  if (open !== undefined)
    return {
      ...record,
      listening: 'yes',
      ...(open.isFromInternet && isOpenRecord(record) ? { confirmed: true } : {}),
      evidence: [...record.evidence, said(resource, open)],
    };
  const [closed] = own;
  if (closed === undefined || !ONE_PORT.test(record.surface)) return record;
  return { ...record, listening: 'no', evidence: [...record.evidence, said(resource, closed)] };
}

function provenWay(resource: EstateResource, answer: SeenAnswer, own: RiskState): ExposureRecord {
  const way = {
    surface: `${answer.protocol}/${answer.port}`,
    via: [answer.address],
    evidence: [said(resource, answer)],
  };
  if (own === 'no' && answer.at < resource.seenAt)
    return closedWay({
      ...way,
      evidence: [
        ...way.evidence,
        note(answer, `What was described of ${resource.name} is newer, and shows none of it.`),
      ],
    });
  const other =
    own === 'yes'
      ? []
      : [
          note(
            answer,
            `What was described of ${resource.name} does not show this way in: describe its network again.`,
          ),
        ];
  return {
    ...openWay('internet', { ...way, evidence: [...way.evidence, ...other] }),
    listening: 'yes',
    confirmed: true,
  };
}

function said(resource: EstateResource, answer: SeenAnswer): Evidence {
  const { address, protocol, port, isOpen, isFromInternet, at } = answer;
  const join = answer.isAssumed ? assumedBy(address) : '';
  if (answer.isListed)
    return note(
      answer,
      isOpen
        ? `Something listens on ${protocol}/${port} of ${called(resource)}, as ${address} said of itself on ${dateText(at)}${join}.`
        : `Nothing listens there on ${called(resource)}: what ${address} said of its own ${protocol} ports on ${dateText(at)} does not name it${join}.`,
    );
  const where = isFromInternet ? ' from the internet' : '';
  return note(
    answer,
    isOpen
      ? `${calledFirst(resource)} answered at ${address} on ${protocol}/${port}, as was seen${where} on ${dateText(at)}${join}.`
      : `${calledFirst(resource)} refused at ${address} on ${protocol}/${port}, where nothing listened on ${dateText(at)}${join}.`,
  );
}

function note({ at, provenance }: SeenAnswer, sentence: string): Evidence {
  return { sentence, provenance, at };
}
