import { digestOfText } from '#base/digest.ts';
import type { Place } from './observation.ts';

/**
 * The place of a finding as it enters the fingerprint, and as it can be shown (design: identity, place by type).
 * Normalised (NFC): which of two spellings a file's name has is its disk's matter.
 */
export function placeText(place: Place): string {
  return spelled(place).normalize('NFC');
}

function spelled(place: Place): string {
  switch (place.is) {
    case 'none':
      return '';
    case 'package': {
      const namespace = place.namespace === undefined || place.namespace === '' ? '' : `${place.namespace}/`;
      return `${place.purlType.toLowerCase()}/${packageName(place.purlType, namespace + place.name)}`;
    }
    case 'address':
      return `${path(place.path)}#${place.address}`;
    case 'code':
      return `${path(place.path)}#${codeMark(place)}`;
    case 'secret':
      return path(place.path);
    case 'api':
      return `${place.method.toUpperCase()} ${place.path} ${place.parameter}`.trim();
  }
}

/** Names of which purl says that case, or `_` and `.` against `-`, make no difference. */
function packageName(purlType: string, name: string): string {
  switch (purlType.toLowerCase()) {
    case 'pypi':
      return name.toLowerCase().replace(/[_.]+/g, '-');
    case 'alpm':
    case 'apk':
    case 'bitbucket':
    case 'bitnami':
    case 'composer':
    case 'deb':
    case 'github':
    case 'golang':
    case 'hex':
    case 'npm':
    case 'oci':
    case 'pub':
      return name.toLowerCase();
    default:
      return name;
  }
}

function path(text: string): string {
  return text.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}

/** The first that the report gives: the tool's own fingerprint, the flagged text, the message without its numbers. */
function codeMark(place: Extract<Place, { is: 'code' }>): string {
  if (place.toolFingerprint !== undefined) return `id:${place.toolFingerprint}`;
  if (place.flaggedText !== undefined && place.flaggedText.trim() !== '')
    return `text:${digestOfText(withoutLineNumbers(place.flaggedText).normalize('NFC')).slice(0, 32)}`;
  if (place.message !== undefined)
    return `message:${digestOfText(place.message.replace(/\d+/g, '0').trim().normalize('NFC')).slice(0, 32)}`;
  return '';
}

/** Some tools print `12:` before each line of the flagged text; indentation moves with the code around. */
function withoutLineNumbers(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\d+\s*[:|]\s?/, '').trim())
    .join('\n')
    .trim();
}
