//! The `agenticcalling` program.

fn main() -> std::process::ExitCode {
    agenticcalling::cli::main()
}
