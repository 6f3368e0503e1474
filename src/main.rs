//! The `latido` command: parse what was typed, run it, say what went wrong, exit with its code.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    latido::interfaces::main()
}
