import { sentenceCase } from './sentence-case.ts';

/** What closing a gate means, and fainter the rules that stand in brackets at its end. */
export function GateSentence({ sentence }: { sentence: string }) {
  const [, what = sentence, rules] = /^(.+?)( \(.+\))$/s.exec(sentence) ?? [];
  return (
    <>
      {sentenceCase(what)}
      {rules !== undefined && <span className="muted">{rules}</span>}
    </>
  );
}
