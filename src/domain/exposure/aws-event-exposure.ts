import { asObject, asTexts } from '#base/json-value.ts';
import { called, calledFirst } from '../resource/called.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { exposeBucket } from './aws-bucket-exposure.ts';
import type { AwsEstate } from './aws-estate.ts';
import { exposeByPolicy } from './aws-policy-holder.ts';
import { textsOf } from './aws-text-holders.ts';
import { throughWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** A service that invokes functions when something is put into what it holds, and how strangers put it there. */
interface EventService {
  readonly type: string;
  readonly surface: string;
  readonly nameOf: (arn: string) => string;
  readonly expose: (estate: AwsEstate, source: EstateResource) => readonly ExposureRecord[];
}

const EVENT_SERVICES: Readonly<Record<string, EventService>> = {
  's3.amazonaws.com': {
    type: 's3-bucket',
    surface: 'write',
    nameOf: (arn) => arn.replace(/^arn:[a-z-]+:s3:::/, ''),
    expose: exposeBucket,
  },
  'sns.amazonaws.com': {
    type: 'sns-topic',
    surface: 'sns:Publish',
    nameOf: (arn) => arn,
    expose: exposeByPolicy,
  },
};

/**
 * Buckets and topics that may invoke a function by its policy, where strangers may write to them: what they put there
 * reaches the function (attack-paths §2.6, c).
 */
export function exposeThroughEvents(
  estate: AwsEstate,
  resource: EstateResource,
  policy: PolicyFacts,
): readonly ExposureRecord[] {
  return policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal, Condition }) =>
    asTexts(asObject(Principal)?.['Service']).flatMap((service) => {
      const event = Object.hasOwn(EVENT_SERVICES, service) ? EVENT_SERVICES[service] : undefined;
      return event === undefined
        ? []
        : textsOf(asObject(Condition)).flatMap((arn) => throughSource(estate, resource, event, arn));
    }),
  );
}

function throughSource(
  estate: AwsEstate,
  resource: EstateResource,
  { type, surface, nameOf, expose }: EventService,
  arn: string,
): readonly ExposureRecord[] {
  const source = estate.find(type, nameOf(arn));
  if (source === undefined) return [];
  return expose(estate, source)
    .filter((way) => way.verdict !== 'no' && isPublic(way.audience) && way.surface === surface)
    .map((way) =>
      throughWay(way, {
        surface: `invoke through ${source.name}`,
        via: [source.name],
        evidence: [
          evidence(
            `${calledFirst(source)} invokes ${called(resource)} with what is put into it, and strangers may put something into it.`,
            source,
          ),
        ],
      }),
    );
}
