# Everything a fresh machine needs is found or installed by these targets.

SCENARIO ?= steel_supplier
SECONDS ?= 600
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: help build demo test fuzz check bench bench-extism clean-data

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

build: ## Build target/release/agenticcalling and the playbooks
	@echo "building the server (the first time takes some minutes)"
	cargo build --release --locked --package agenticcalling
	cargo x playbooks

# Not optimised: it is there sooner, and shares what the tests build (hence the whole workspace's features).
demo: ## Place a sandbox call and show it; SCENARIO=list shows the others
	@scripts/flite
	@echo "building the server (the first time takes some minutes)"
	cargo x playbooks
	cargo build --locked --workspace --bin agenticcalling
	@$(TARGET)/debug/agenticcalling demo --scenario $(SCENARIO)

test: ## Run every test suite
	@scripts/flite
	@scripts/postgres
	@scripts/schemathesis
	@scripts/sip
	cargo x playbooks --all
	cargo test --workspace --locked
	@scripts/python-sdk
	@scripts/npx-launcher

fuzz: ## Send the API requests from its document, right and wrong, for SECONDS
	@scripts/flite
	@scripts/schemathesis
	cargo x playbooks
	AGENTICCALLING_FUZZ_SECONDS=$(SECONDS) \
	    cargo test --locked --package agenticcalling-tests --test it fuzz

check: ## Formatting, lints, directions of imports
	cargo x ci

bench: ## Measure, and print tables
	@scripts/flite
	@scripts/postgres
	cargo x playbooks --all
	cargo run --release --locked --package agenticcalling-bench
	@$(MAKE) --no-print-directory bench-extism || echo "bench-extism is left out: it cannot be built here"

bench-extism: ## Measure playbooks beside plugins of Extism
	cargo x playbooks --all
	cargo x extism
	cargo run --release --locked --manifest-path bench/extism/Cargo.toml --package extism-bench \
	    --target-dir $(TARGET)/extism

clean-data: ## Remove what demos recorded
	rm -rf demo-data
