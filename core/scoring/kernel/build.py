"""Make the image of the kernels, once, with numba and LLVM (``make setup``).

numba translates each entry; LLVM optimises the five as one program, in which all but the entries is internal. Numbers
that the code reads are put beside the code, so that the assembler alone settles every distance, and nothing is left to
be linked. If something is, in spite of that, there is no image, and numba goes on compiling where kernels are used.
"""

from __future__ import annotations

import re
from typing import Any, Final

import llvmlite.binding as llvm
from numba import njit

from core.scoring.kernel.entries import ENTRIES, OPTIONS, SIGNATURE
from core.scoring.kernel.image import NAMES, SUPPORTED, keep

# LLVM calls a function of this name to clear memory.
_CLEAR: Final = """
define internal ptr @memset(ptr %to, i32 %byte, i64 %count) "no-builtins" noinline {
  %value = trunc i32 %byte to i8
  %none = icmp eq i64 %count, 0
  br i1 %none, label %done, label %loop
loop:
  %at = phi i64 [0, %0], [%next, %loop]
  %place = getelementptr i8, ptr %to, i64 %at
  store i8 %value, ptr %place
  %next = add i64 %at, 1
  %more = icmp ult i64 %next, %count
  br i1 %more, label %loop, label %done
done:
  ret ptr %to
}
@llvm.compiler.used = appending global [1 x ptr] [ptr @memset], section "llvm.metadata"
"""
_ENTRY: Final = """
declare i32 @{inner}(ptr noalias, ptr noalias, i64, i64, i64, i64, i64)
define i32 @{name}(i64 %a, i64 %b, i64 %c, i64 %d, i64 %e) {{
  %result = alloca ptr
  %error = alloca ptr
  %status = call i32 @{inner}(ptr %result, ptr %error, i64 %a, i64 %b, i64 %c, i64 %d, i64 %e)
  ret i32 %status
}}
"""
_NUMBERS: Final = re.compile(r'^\s*\.section\s+"?\.rodata.*$', re.MULTILINE)
_FOR_OTHERS: Final = re.compile(r'^\s*\.(globl|type|size|file|cfi_\w+|section\s+"?\.note)\b.*$', re.MULTILINE)


def build() -> bool:
    """Make and keep the image; False where there can be none, so that numba compiles where kernels are used."""
    if not SUPPORTED:
        return False
    llvm.initialize_native_asmparser()
    llvm.initialize_native_asmprinter()
    code = _standing_alone(_target(), _program())
    if code is None:
        return False
    try:
        keep(code)
    except OSError:  # a folder that cannot be written
        return False
    return True


def _target() -> Any:
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",
    )


def _program() -> Any:
    """All entries as one module, not yet optimised as such."""
    whole = llvm.parse_assembly(_CLEAR)
    for function in ENTRIES:
        dispatcher = njit(SIGNATURE, **OPTIONS)(function)
        compiled = dispatcher.overloads[dispatcher.signatures[0]]
        inner = compiled.fndesc.mangled_name
        module = llvm.parse_assembly(compiled.library.get_llvm_str())
        for one in (*module.functions, *module.global_variables):
            if not one.is_declaration and one.name != inner and one.linkage not in _OWN:
                one.linkage = "internal"
        whole.link_in(llvm.parse_assembly(_ENTRY.format(name=function.__name__, inner=inner)))
        whole.link_in(module)
        whole.get_function(inner).linkage = "internal"
    return whole


_OWN: Final = (llvm.Linkage.internal, llvm.Linkage.private)


def _standing_alone(target: Any, program: Any) -> bytes | None:
    """Machine code that begins with the offsets of the entries; None when something outside is called for."""
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = True
    passes = llvm.create_pass_builder(target, options)
    passes.getModulePassManager().run(program, passes)
    text = target.emit_assembly(program)
    text = _FOR_OTHERS.sub("", _NUMBERS.sub("\t.text", text)).replace("@PLT", "")
    offsets = "".join(f"\t.long {name}-offsets\n" for name in NAMES)
    lines = f"\t.text\noffsets:\n{offsets}{text}".splitlines()
    assembled = llvm.parse_assembly("\n".join([f'target triple = "{target.triple}"', *map(_in_module, lines)]))
    file = llvm.ObjectFileRef.from_data(target.emit_object(assembled))
    sections = [(section.name() or b"", section.is_text(), bytes(section.data())) for section in file.sections()]
    code = [data for _, is_text, data in sections if is_text and data]
    to_link = any(data and name.startswith((b".rel", b".data", b".bss", b".rodata")) for name, _, data in sections)
    return code[0] if len(code) == 1 and not to_link else None


def _in_module(line: str) -> str:
    quoted = line.replace("\\", "\\5C").replace('"', "\\22").replace("\t", "\\09")
    return f'module asm "{quoted}"'
