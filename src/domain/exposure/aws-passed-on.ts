import { called, calledFirst } from '../resource/called.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Front } from './aws-front.ts';
import { frontsOf } from './aws-fronts.ts';
import { closedWay, publicWays, throughWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/**
 * What is passed on to a resource by fronts that know it by one of its names, whatever its own policy says: an API or a
 * distribution asks in its own name (attack-paths §2.6). `surfaceOf` says what somebody can do by one of them;
 * `isAnswered` leaves those out that it answers nothing.
 */
export function passedOnTo(
  estate: AwsEstate,
  resource: EstateResource,
  names: readonly (string | undefined)[],
  surfaceOf: (front: Front) => string,
  isAnswered: (front: Front) => boolean = () => true,
): readonly ExposureRecord[] {
  return frontsOf(estate, names)
    .filter(isAnswered)
    .flatMap((front) => {
      const said = evidence(
        `${calledFirst(front.resource)} passes requests on to ${called(resource)}.`,
        front.resource,
      );
      const via = [front.resource.name];
      if (front.login !== null)
        return [
          closedWay([said, evidence(`Reachable behind ${front.login}.`, front.resource)], {
            auth: front.login,
            via,
          }),
        ];
      const records = front.records();
      const unsure = records.filter((record) => record.verdict === 'unknown');
      return [
        ...publicWays(records).map((way) =>
          throughWay(way, { surface: surfaceOf(front), via, evidence: [said] }),
        ),
        ...unsure.map((way) => throughWay(way, { via, evidence: [said] })),
      ];
    });
}
