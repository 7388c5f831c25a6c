/**
 * What a file's name promises against what its content is. Another picture format under the name of one is common (messengers rename) and only
 * noted; a document, video or program under the name of a picture is refused.
 */
import { EVIDENCE_TYPES, type EvidenceFamily, type EvidenceType } from '../../model/evidence.js';

const EXTENSIONS: Readonly<Record<EvidenceType, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/tiff': ['tif', 'tiff'],
  'video/mp4': ['mp4', 'm4v'],
  'video/quicktime': ['mov', 'qt'],
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/gpx+xml': ['gpx'],
  'application/geo+json': ['geojson', 'json'],
};

/** Picture formats that are not taken in, but that phones name converted pictures after. */
const OTHER_PICTURES = ['heic', 'heif', 'avif', 'bmp', 'gif'];

export function extensionOf(type: EvidenceType): string {
  return EXTENSIONS[type][0] ?? 'bin';
}

export function familyOf(type: EvidenceType): EvidenceFamily {
  return EVIDENCE_TYPES[type];
}

/** `same`: the name fits, or promises nothing. */
export function nameAgainstContent(name: string, type: EvidenceType): 'same' | 'differs' | 'disguised' {
  const [, extension] = /\.([A-Za-z0-9]{1,8})$/.exec(name.trim()) ?? [];
  if (extension === undefined) return 'same';
  const promised = Object.entries(EXTENSIONS).find(([, own]) => own.includes(extension.toLowerCase()))?.[0];
  if (promised === type) return 'same';
  if (promised === undefined) {
    return OTHER_PICTURES.includes(extension.toLowerCase()) && familyOf(type) === 'image' ? 'differs' : 'disguised';
  }
  return familyOf(promised as EvidenceType) === familyOf(type) ? 'differs' : 'disguised';
}

/** A label for lists: no folders, no control or direction characters, not endless; whatever else it holds is text. */
export function labelOf(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return [...plain].slice(0, 120).join('');
}
