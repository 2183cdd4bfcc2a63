/** The CVSS versions that vectors are read in, newest last. */
export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

/** One version's metrics in the order in which its specification writes them. */
export interface CvssMetrics {
  /** Metrics that a vector must have, each with its values. */
  readonly base: ReadonlyMap<string, readonly string[]>;
  /** Metrics that a vector may have: threat, environment, supplement. */
  readonly optional: ReadonlyMap<string, readonly string[]>;
}

function metrics(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((entry) => {
        const [name = '', values = ''] = entry.split(':');
        return [name, values.split(',')] as const;
      }),
  );
}

const VERSION_3: CvssMetrics = {
  base: metrics('AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N'),
  optional: metrics(`
    E:X,U,P,F,H RL:X,O,T,W,U RC:X,U,R,C
    CR:X,L,M,H IR:X,L,M,H AR:X,L,M,H
    MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H MUI:X,N,R MS:X,U,C MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H`),
};

/** The metrics of every version, as FIRST's specifications list them. */
export const CVSS_METRICS: Readonly<Record<CvssVersion, CvssMetrics>> = {
  '2.0': {
    base: metrics('AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C'),
    optional: metrics(`
      E:ND,U,POC,F,H RL:ND,OF,TF,W,U RC:ND,UC,UR,C
      CDP:ND,N,L,LM,MH,H TD:ND,N,L,M,H CR:ND,L,M,H IR:ND,L,M,H AR:ND,L,M,H`),
  },
  '3.0': VERSION_3,
  '3.1': VERSION_3,
  '4.0': {
    base: metrics(
      'AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N',
    ),
    optional: metrics(`
      E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L
      MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A
      MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N
      S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red`),
  },
};
