//! One TLS implementation for every client of this process.

/// To be called before a client is built; a second call is harmless.
pub fn install() {
    // Refused if one is installed already: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
