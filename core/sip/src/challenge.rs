//! Which of a server's challenges is answered, in words that the SIP library understands.
//!
//! The library does MD5 and SHA-256, but spells the latter its own way, takes one challenge and one
//! quality of protection only, and quotes in its answer what must not be quoted. What goes between it and
//! the wire is put right here.

/// More parameters are not read.
const PARAMETERS_MAX: usize = 32;
/// Wire spelling, the library's.
const ALGORITHMS: [(&str, &str); 2] = [("MD5", "MD5"), ("SHA-256", "SHA256")];

/// The first of the challenges, in the server's order, that can be answered.
pub fn choose<'a>(challenges: impl IntoIterator<Item = &'a str>) -> Option<String> {
    challenges.into_iter().find_map(answerable)
}

/// The library's answer as it must be on the wire.
#[must_use]
pub fn on_the_wire(answer: &str) -> String {
    let mut answer = answer.to_owned();
    for (wire, library) in ALGORITHMS {
        answer = answer.replace(&format!("algorithm={library},"), &format!("algorithm={wire},"));
        if let Some(rest) = answer.strip_suffix(&format!("algorithm={library}")) {
            answer = format!("{rest}algorithm={wire}");
        }
    }
    answer.replace(", qop=\"auth\",", ", qop=auth,")
}

/// Rewritten, if it is a digest with an algorithm and a protection that we do.
fn answerable(challenge: &str) -> Option<String> {
    let (scheme, rest) = challenge.trim().split_once(char::is_whitespace)?;
    if !scheme.eq_ignore_ascii_case("Digest") {
        return None;
    }
    let parameters = parameters(rest)?;
    let named = |wanted: &str| {
        let mut found = parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.next().map(|(_, value)| value.as_str())
    };
    let (realm, nonce) = (named("realm")?, named("nonce")?);
    let algorithm = named("algorithm").unwrap_or("MD5");
    let (_, algorithm) =
        ALGORITHMS.into_iter().find(|(wire, _)| wire.eq_ignore_ascii_case(algorithm))?;
    let mut chosen = format!("Digest realm=\"{realm}\", nonce=\"{nonce}\"");
    if let Some(opaque) = named("opaque") {
        chosen.push_str(&format!(", opaque=\"{opaque}\""));
    }
    if let Some(stale) = named("stale") {
        chosen.push_str(&format!(", stale={stale}"));
    }
    chosen.push_str(&format!(", algorithm={algorithm}"));
    if let Some(protections) = named("qop") {
        let mut protections = protections.split(',').map(str::trim);
        if !protections.any(|protection| protection.eq_ignore_ascii_case("auth")) {
            return None;
        }
        chosen.push_str(", qop=\"auth\"");
    }
    Some(chosen)
}

/// `a=1, b="2, 3"`; escapes inside quotes stay as they are.
fn parameters(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && found.len() < PARAMETERS_MAX {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = end_of_quoted(quoted)?;
                (&quoted[..end], &quoted[end + 1..])
            }
            None => {
                let end = after.find(',').unwrap_or(after.len());
                (after[..end].trim_end(), &after[end..])
            }
        };
        found.push((name.trim().to_owned(), value.to_owned()));
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    Some(found)
}

fn end_of_quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return Some(at),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_challenge_that_can_be_answered_is_chosen() {
        let check = |challenges: &[&str], expected: Option<&str>| {
            assert_eq!(choose(challenges.iter().copied()).as_deref(), expected, "{challenges:?}");
        };
        let md5 = "Digest realm=\"r\", nonce=\"n\", algorithm=MD5";
        let sha = "Digest realm=\"r\", nonce=\"n\", algorithm=SHA256, qop=\"auth\"";
        check(&["Digest realm=\"r\",nonce=\"n\""], Some(md5));
        check(&["digest nonce=\"n\" , realm=\"r\", algorithm=md5"], Some(md5));
        check(
            &["Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth-int, auth\""],
            Some(sha),
        );
        check(&["Digest realm=\"r\", nonce=\"n\", algorithm=\"SHA-256\", qop=auth"], Some(sha));
        check(
            &["Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256", "Basic realm=\"r\"", md5],
            Some(md5),
        );
        check(
            &[
                "Digest realm=\"a, \\\"b\\\"\", nonce=\"n=\", opaque=\"o\", stale=TRUE, domain=\"sip:x\"",
            ],
            Some(
                "Digest realm=\"a, \\\"b\\\"\", nonce=\"n=\", opaque=\"o\", stale=TRUE, algorithm=MD5",
            ),
        );
        check(&["Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\""], None);
        check(&["Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess"], None);
        for bad in ["", "Digest", "Digest realm", "Digest realm=\"r", "Digest nonce=\"n\"", "x=é\""]
        {
            check(&[bad], None);
        }
    }

    #[test]
    fn answers_are_spelled_as_the_rfc_does() {
        let check = |library: &str, wire: &str| assert_eq!(on_the_wire(library), wire);
        check(
            "Digest username=\"u\", algorithm=SHA256, qop=\"auth\", nc=00000001",
            "Digest username=\"u\", algorithm=SHA-256, qop=auth, nc=00000001",
        );
        check(
            "Digest username=\"u\", algorithm=SHA256",
            "Digest username=\"u\", algorithm=SHA-256",
        );
        check("Digest username=\"u\", algorithm=MD5", "Digest username=\"u\", algorithm=MD5");
    }
}
