/** The program of the pause image: a static x86-64 ELF of some 280 bytes that sleeps for ever, reaps orphans and ends on TERM or INT. */

const loadAddress = 0x400000;
const headerSize = 0x78;

/** Linux x86-64 system call numbers and signals used (asm/unistd_64.h). */
const sys = { rt_sigaction: 13, pause: 34, exit_group: 231 };
const sig = { int: 2, term: 15, chld: 17 };
const SA_RESTORER = 0x04000000;
const SIG_IGN = 1;

/** The executable's bytes. SIGCHLD is ignored, so that the kernel reaps the orphans PID 1 inherits. */
export function pauseProgram(): Buffer {
  const code: number[] = [];
  const fixups: { readonly at: number; readonly label: 'ignore' | 'end' }[] = [];
  const int32 = (v: number) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >>> 24) & 255];
  const int64 = (v: number) => [...int32(v), 0, 0, 0, 0];
  const sigaction = (signal: number, label: 'ignore' | 'end') => {
    code.push(0xb8, ...int32(sys.rt_sigaction), 0xbf, ...int32(signal), 0xbe); // eax, edi, esi
    fixups.push({ at: code.length, label });
    code.push(0, 0, 0, 0, 0x31, 0xd2, 0x41, 0xba, ...int32(8), 0x0f, 0x05); // edx = 0, r10d = 8, syscall
  };
  sigaction(sig.chld, 'ignore');
  sigaction(sig.term, 'end');
  sigaction(sig.int, 'end');
  const loop = code.length;
  code.push(0xb8, ...int32(sys.pause), 0x0f, 0x05);
  code.push(0xeb, (loop - (code.length + 2)) & 255); // jmp loop
  const exit = loadAddress + headerSize + code.length;
  code.push(0xb8, ...int32(sys.exit_group), 0x31, 0xff, 0x0f, 0x05);
  while (code.length % 8) code.push(0x90);
  const labels = { ignore: 0, end: 0 };
  labels.ignore = loadAddress + headerSize + code.length;
  code.push(...int64(SIG_IGN), ...int64(SA_RESTORER), ...int64(exit), ...int64(0));
  labels.end = loadAddress + headerSize + code.length;
  code.push(...int64(exit), ...int64(SA_RESTORER), ...int64(exit), ...int64(0));
  for (const { at, label } of fixups) code.splice(at, 4, ...int32(labels[label]));
  return Buffer.concat([elfHeader(code.length), Buffer.from(code)]);
}

/** ELF64 header and its one loadable segment (System V ABI, AMD64). */
function elfHeader(codeLength: number): Buffer {
  const h = Buffer.alloc(headerSize);
  h.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  h.writeUInt16LE(2, 16); // executable
  h.writeUInt16LE(62, 18); // x86-64
  h.writeUInt32LE(1, 20);
  h.writeBigUInt64LE(BigInt(loadAddress + headerSize), 24); // entry
  h.writeBigUInt64LE(64n, 32); // program headers
  h.writeUInt16LE(64, 52);
  h.writeUInt16LE(56, 54);
  h.writeUInt16LE(1, 56);
  h.writeUInt32LE(1, 64); // PT_LOAD
  h.writeUInt32LE(5, 68); // read, execute
  h.writeBigUInt64LE(BigInt(loadAddress), 80);
  h.writeBigUInt64LE(BigInt(loadAddress), 88);
  const size = BigInt(headerSize + codeLength);
  h.writeBigUInt64LE(size, 96);
  h.writeBigUInt64LE(size, 104);
  h.writeBigUInt64LE(0x1000n, 112);
  return h;
}
