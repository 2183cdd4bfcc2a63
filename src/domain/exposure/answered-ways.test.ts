import { describe, expect, it } from 'vitest';
import { resource } from '../../../test/support/aws-world.ts';
import { withAnswers } from './answered-ways.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { publicAccessibility } from './exposure-record.ts';
import type { SeenAnswer } from './seen-answer.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

const OF = resource('ec2-instance', 'web', {});
const AT = OF.seenAt + 1;
const seen = (answer: Partial<SeenAnswer> = {}): SeenAnswer => ({
  address: '3.3.3.3',
  protocol: 'tcp',
  port: 443,
  isOpen: true,
  isFromInternet: true,
  at: AT,
  provenance: 'nmap',
  ...answer,
});
/** What the machine says of itself: these ports of TCP and no others. */
const listed = (...ports: readonly number[]): readonly SeenAnswer[] => [
  ...ports.map((port) => seen({ address: 'web-1', port, isFromInternet: false, isListed: true })),
  seen({ address: 'web-1', port: 'others', isOpen: false, isFromInternet: false, isListed: true }),
];
const open = (surface: string): ExposureRecord => openWay('internet', { surface, evidence: [] });
const OFFICE = openWay('partner', { surface: 'tcp/443' });
const CLOSED = closedWay({ surface: 'any' });
const UNSURE = unsureWay(['network ACLs: aws ec2 describe-network-acls'], { surface: 'tcp/443' });

/** `yes internet tcp/443 listening confirmed`. */
function told(records: readonly ExposureRecord[]): readonly string[] {
  return records.map(({ verdict, audience, surface, listening, confirmed }) =>
    [
      verdict,
      audience,
      surface,
      ...(listening === undefined ? [] : [`listening: ${listening}`]),
      ...(confirmed ? ['confirmed'] : []),
    ].join(' '),
  );
}

describe('what was seen of a way in', () => {
  it.each<readonly [string, readonly ExposureRecord[], readonly SeenAnswer[], readonly string[]]>([
    ['nothing', [open('tcp/443')], [], ['yes internet tcp/443']],
    ['an answer on its port', [open('tcp/443')], [seen()], ['yes internet tcp/443 listening: yes confirmed']],
    [
      'an answer on one of its ports',
      [open('tcp/400-500')],
      [seen()],
      ['yes internet tcp/400-500 listening: yes confirmed'],
    ],
    [
      'an answer from nobody knows where',
      [open('tcp/443')],
      [seen({ isFromInternet: false })],
      ['yes internet tcp/443 listening: yes'],
    ],
    [
      'a refusal on its port',
      [open('tcp/443')],
      [seen({ isOpen: false })],
      ['yes internet tcp/443 listening: no'],
    ],
    [
      'a refusal on one of its ports',
      [open('tcp/400-500')],
      [seen({ isOpen: false })],
      ['yes internet tcp/400-500'],
    ],
    [
      'a refusal on another port',
      [open('tcp/443')],
      [seen({ isOpen: false, port: 22 })],
      ['yes internet tcp/443'],
    ],
    [
      'an answer of another protocol',
      [open('udp/443')],
      [seen({ isFromInternet: false })],
      ['yes internet udp/443'],
    ],
    [
      'an answer from outside where it is for an office',
      [OFFICE],
      [seen()],
      ['yes internet tcp/443 listening: yes confirmed', 'yes partner tcp/443 listening: yes'],
    ],
    [
      'an answer from nobody knows where, for an office',
      [OFFICE],
      [seen({ isFromInternet: false })],
      ['yes partner tcp/443 listening: yes'],
    ],
    [
      'an answer from outside where it is closed',
      [CLOSED],
      [seen()],
      ['yes internet tcp/443 listening: yes confirmed', 'no internet any'],
    ],
    [
      'an answer before it was described as closed',
      [CLOSED],
      [seen({ at: OF.seenAt - 1 })],
      ['no internet tcp/443', 'no internet any'],
    ],
    [
      'an answer from nobody knows where, where it is closed',
      [CLOSED],
      [seen({ isFromInternet: false })],
      ['no internet any'],
    ],
    [
      'an answer from outside where nobody could tell',
      [UNSURE],
      [seen({ at: OF.seenAt - 1 })],
      ['yes internet tcp/443 listening: yes confirmed', 'unknown internet tcp/443 listening: yes'],
    ],
    [
      'an answer on another port beside an open one',
      [open('tcp/443')],
      [seen({ port: 8080 })],
      ['yes internet tcp/443', 'yes internet tcp/8080 listening: yes confirmed'],
    ],
    [
      'that the machine lists others alone',
      [
        open('tcp/443'),
        open('tcp/22'),
        open('udp/443'),
        open('tcp/400-500'),
        open('tcp/8080 through web (a.example.com)'),
      ],
      listed(22),
      [
        'yes internet tcp/443 listening: no',
        'yes internet tcp/22 listening: yes',
        'yes internet udp/443',
        'yes internet tcp/400-500',
        'yes internet tcp/8080 through web (a.example.com) listening: no',
      ],
    ],
    [
      'that the machine lists others, and an answer from outside',
      [open('tcp/443')],
      [...listed(22), seen()],
      ['yes internet tcp/443 listening: yes confirmed'],
    ],
    ['that the machine lists it, where it is closed', [CLOSED], listed(443), ['no internet any']],
  ])('%s', (_what, records, answers, expected) => {
    expect(told(withAnswers(OF, records, answers))).toEqual(expected);
  });

  it('is told in the evidence, with what contradicts', () => {
    const sentences = (records: readonly ExposureRecord[], answer: SeenAnswer): readonly string[] =>
      publicAccessibility(withAnswers(OF, records, [answer])).evidence.map(({ sentence }) => sentence);
    expect(sentences([CLOSED], seen())).toEqual([
      expect.stringMatching(
        /^EC2 instance web answered at 3\.3\.3\.3 on tcp\/443, as was seen from the internet on \d{4}-\d\d-\d\d\.$/,
      ),
      'What was described of web does not show this way in: describe its network again.',
    ]);
    expect(sentences([CLOSED], seen({ isAssumed: true }))[0]).toMatch(
      /^EC2 instance web answered at 3\.3\.3\.3 on .*-\d\d, assumed join by 3\.3\.3\.3\.$/,
    );
    expect(sentences([CLOSED], seen({ at: OF.seenAt - 1 }))[1]).toBe(
      'What was described of web is newer, and shows none of it.',
    );
    expect(sentences([open('tcp/443')], seen({ isOpen: false }))).toEqual([
      expect.stringMatching(
        /^EC2 instance web refused at 3\.3\.3\.3 on tcp\/443, where nothing listened on /,
      ),
    ]);
  });

  it('is told as what the machine said of itself', () => {
    const sentences = (surface: string) =>
      withAnswers(OF, [open(surface)], listed(22)).flatMap(({ evidence }) =>
        evidence.map(({ sentence }) => sentence),
      );
    expect(sentences('tcp/22')).toEqual([
      expect.stringMatching(
        /^Something listens on tcp\/22 of EC2 instance web, as web-1 said of itself on \d{4}-\d\d-\d\d\.$/,
      ),
    ]);
    expect(sentences('tcp/443')).toEqual([
      expect.stringMatching(
        /^Nothing listens there on EC2 instance web: what web-1 said of its own tcp ports on \d{4}-\d\d-\d\d does not name it\.$/,
      ),
    ]);
  });
});
