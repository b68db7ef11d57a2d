//! `X-Twilio-Signature`: base64 of the HMAC-SHA1 of the URL and the sorted form, under the auth token.
//!
//! Twilio is not consistent about a default port in the URL, and does not say in which form it signs the
//! URL of a WebSocket: each form that may be meant is tried.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use subtle::{Choice, ConstantTimeEq as _};

use crate::Form;

/// Of a request to exactly this URL.
#[must_use]
pub fn sign(token: &str, url: &str, form: &Form) -> String {
    let mut pairs: Vec<&(String, String)> = form.iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut mac =
        Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any length of key is good");
    mac.update(url.as_bytes());
    for (name, value) in pairs {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A webhook: `url` as Twilio asked for it, from scheme to query.
#[must_use]
pub fn is_signed(token: &str, url: &str, form: &Form, signature: &str) -> bool {
    any(token, &with_and_without_port(url), form, signature)
}

/// The upgrade of a WebSocket.
#[must_use]
pub fn is_signed_upgrade(token: &str, url: &str, signature: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let plain = matches!(scheme, "ws" | "http");
    let schemes = if plain { ["ws", "http"] } else { ["wss", "https"] };
    let rest = rest.trim_end_matches('/');
    let mut urls = Vec::new();
    for scheme in schemes {
        urls.extend(with_and_without_port(&format!("{scheme}://{rest}")));
        urls.extend(with_and_without_port(&format!("{scheme}://{rest}/")));
    }
    any(token, &urls, &[], signature)
}

/// Takes as long whichever of them it is.
fn any(token: &str, urls: &[String], form: &Form, signature: &str) -> bool {
    let mut found = Choice::from(0);
    for url in urls {
        found |= sign(token, url, form).as_bytes().ct_eq(signature.as_bytes());
    }
    found.into()
}

fn with_and_without_port(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else { return vec![url.to_owned()] };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // The colons of an IPv6 address are no port.
    let host_end = authority.rfind(']').map_or(0, |at| at + 1);
    let colon = authority[host_end..].rfind(':').map(|at| host_end + at);
    let host = &authority[..colon.unwrap_or(authority.len())];
    let port = match (colon, scheme) {
        (Some(at), _) => &authority[at + 1..],
        (None, "http" | "ws") => "80",
        (None, _) => "443",
    };
    vec![format!("{scheme}://{host}:{port}{path}"), format!("{scheme}://{host}{path}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(String, String)>;

    const TOKEN: &str = "12345";
    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";

    fn form(pairs: &[(&str, &str)]) -> Pairs {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    fn call() -> Pairs {
        form(&[
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("Caller", "+14158675309"),
        ])
    }

    #[test]
    fn signatures_are_those_of_the_published_rule() {
        let with_port = URL.replace(".com", ".com:443");
        let plain = URL.replace("https", "http").replace(".com", ".com:80");
        let hashed = format!(
            "{URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
        );
        let repeated = form(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        let table: [(&str, Pairs, &str); 5] = [
            (URL, call(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            (&with_port, call(), "kvajT1Ptam85bY51eRf/AJRuM3w="),
            (&plain, call(), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            (URL, repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
            (&hashed, vec![], "a9nBmqA0ju/hNViExpshrM61xv4="),
        ];
        for (url, form, signature) in table {
            assert_eq!(sign(TOKEN, url, &form), signature, "{url} {form:?}");
            assert!(is_signed(TOKEN, url, &form, signature));
        }
    }

    #[test]
    fn what_was_not_signed_is_refused() {
        let right = sign(TOKEN, URL, &call());
        let mut changed = call();
        changed[2].1 = "12345".into();
        let mut more = call();
        more.push(("Added".into(), String::new()));
        let other_path = URL.replace("myapp", "yourapp");
        let table: [(&str, &str, Pairs, &str, bool); 8] = [
            (TOKEN, URL, call(), right.as_str(), true),
            ("54321", URL, call(), &right, false),
            (TOKEN, &other_path, call(), &right, false),
            (TOKEN, URL, changed, &right, false),
            (TOKEN, URL, more, &right, false),
            (TOKEN, URL, call(), "", false),
            (TOKEN, URL, call(), &right[1..], false),
            (TOKEN, URL, call(), &right.to_lowercase(), false),
        ];
        for (token, url, form, signature, expected) in table {
            assert_eq!(is_signed(token, url, &form, signature), expected, "{url} {signature}");
        }
    }

    #[test]
    fn a_port_may_be_said_or_left_out() {
        let table = [
            ("https://a.example/x", "https://a.example:443/x", true),
            ("https://a.example:443/x", "https://a.example/x", true),
            ("http://a.example/x", "http://a.example:80/x", true),
            ("https://a.example:8443/x", "https://a.example:8443/x", true),
            ("https://a.example:8443/x", "https://a.example/x", true),
            ("https://a.example/x", "https://a.example:8443/x", false),
            ("https://[::1]/x", "https://[::1]:443/x", true),
            ("https://a.example?y", "https://a.example:443?y", true),
            ("no url", "no url", true),
        ];
        for (ours, theirs, expected) in table {
            let signature = sign(TOKEN, theirs, &[]);
            assert_eq!(is_signed(TOKEN, ours, &[], &signature), expected, "{ours} {theirs}");
        }
    }

    #[test]
    fn an_upgrade_is_signed_in_any_of_its_forms() {
        let ours = "wss://a.example/v1/streams/t";
        for theirs in [
            ours,
            "https://a.example/v1/streams/t",
            "wss://a.example/v1/streams/t/",
            "https://a.example:443/v1/streams/t",
        ] {
            assert!(is_signed_upgrade(TOKEN, ours, &sign(TOKEN, theirs, &[])), "{theirs}");
        }
        for theirs in ["wss://a.example/v1/streams/u", "http://a.example/v1/streams/t"] {
            assert!(!is_signed_upgrade(TOKEN, ours, &sign(TOKEN, theirs, &[])), "{theirs}");
        }
        assert!(!is_signed_upgrade(TOKEN, "a.example", &sign(TOKEN, "a.example", &[])));
    }
}
