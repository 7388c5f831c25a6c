/** The text of src/kernels/wasm-bytes.ts that the sources of the kernels give. */
export function compiled(): string;
