import type { PackedContents } from "./packed_files.ts";

/** A file in a wheel, as Python's `zipfile` has read it in the wheel's directory. */
export interface WheelMember {
  /** The path that it is installed at. */
  path: string;
  /** Its name in the wheel. */
  name: string;
  /** The place of its header in the wheel. */
  offset: number;
  packedSize: number;
  size: number;
  deflated: boolean;
  /** The CRC-32 of its contents. */
  checksum: number;
}

const SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;
const NAME_LENGTH_AT = 26;
const EXTRA_LENGTH_AT = 28;

/** Returns the packed contents of a member; throws when they are not in the wheel. */
export function contentsOf(wheel: Uint8Array, member: WheelMember): PackedContents {
  const { name, offset, packedSize, size, deflated } = member;
  const view = new DataView(wheel.buffer, wheel.byteOffset, wheel.byteLength);
  const hasHeader = offset + HEADER_BYTES <= wheel.length &&
    view.getUint32(offset, true) === SIGNATURE;
  if (!hasHeader) throw new Error(`it is damaged: ${name}`);
  const begin = offset + HEADER_BYTES + view.getUint16(offset + NAME_LENGTH_AT, true) +
    view.getUint16(offset + EXTRA_LENGTH_AT, true);
  const packed = wheel.subarray(begin, begin + packedSize);
  if (packed.length < packedSize || (!deflated && packedSize !== size)) {
    throw new Error(`it is damaged: ${name}`);
  }
  return { packed, size, deflated };
}
