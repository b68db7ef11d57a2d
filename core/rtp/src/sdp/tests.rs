use super::*;
use crate::testing::Random;

fn key(suite: Suite, byte: u8) -> Crypto {
    let tag = if suite == Suite::AesCm128HmacSha1With80 { 1 } else { 2 };
    Crypto { tag, suite, key: [byte; KEY_BYTES] }
}

fn local(encryption: Encryption) -> Local {
    let keys = Suite::ALL.map(|suite| key(suite, 7)).to_vec();
    let address = "203.0.113.10".parse().unwrap();
    Local::new(address, 20_000, vec![Law::Mu, Law::A], encryption, keys, 1_730_000_000)
}

fn described(media: &str) -> String {
    format!("v=0\r\no=x 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n{media}")
}

#[test]
fn the_offer_is_the_one_every_trunk_takes() {
    let expected = "v=0\r\no=- 1730000000 1 IN IP4 203.0.113.10\r\ns=-\r\n\
                    c=IN IP4 203.0.113.10\r\nt=0 0\r\nm=audio 20000 RTP/AVP 0 8 101\r\n\
                    a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
                    a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n\
                    a=ptime:20\r\na=sendrecv\r\n";
    let mut ours = local(Encryption::Off);
    assert_eq!(ours.offer(), expected);
    assert_eq!(ours.offer(), expected, "said again, it has the same version");
}

/// What an answer makes of it: payload type, law, events, direction, address.
fn check(media: &str, expected: Result<(u8, Law, Option<u8>, Direction, &str), SdpError>) {
    let agreed = local(Encryption::Off).agree(described(media).as_bytes());
    let agreed = agreed.map(|agreed| {
        let Agreed { payload_type, law, events, direction, remote, .. } = agreed;
        (payload_type, law, events, direction, remote.to_string())
    });
    let expected =
        expected.map(|(number, law, events, way, at)| (number, law, events, way, at.to_owned()));
    assert_eq!(agreed, expected, "{media}");
}

#[test]
fn answers() {
    use Direction::{Both, Inactive, ReceiveOnly, SendOnly};
    let at = "192.0.2.1:4000";
    check("m=audio 4000 RTP/AVP 0\r\n", Ok((0, Law::Mu, None, Both, at)));
    check("m=audio 4000 RTP/AVP 8 0\r\n", Ok((8, Law::A, None, Both, at)));
    check(
        "m=audio 4000 RTP/AVP 18 8\r\na=rtpmap:18 G729/8000\r\n",
        Ok((8, Law::A, None, Both, at)),
    );
    check(
        "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 pcma/8000/1\r\n",
        Ok((97, Law::A, None, Both, at)),
    );
    let events = "m=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/8000\r\n";
    check(events, Ok((0, Law::Mu, Some(96), Both, at)));
    let wide = "m=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/48000\r\n";
    check(wide, Ok((0, Law::Mu, None, Both, at)));
    // They hold: what they only send, we only receive.
    check("m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", Ok((0, Law::Mu, None, ReceiveOnly, at)));
    check("m=audio 4000 RTP/AVP 0\r\na=recvonly\r\n", Ok((0, Law::Mu, None, SendOnly, at)));
    check("m=audio 4000 RTP/AVP 0\r\na=inactive\r\n", Ok((0, Law::Mu, None, Inactive, at)));
    let old = "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n";
    check(old, Ok((0, Law::Mu, None, ReceiveOnly, "0.0.0.0:4000")));
    let own = "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9/127\r\n";
    check(own, Ok((0, Law::Mu, None, Both, "192.0.2.9:4000")));
    // The second stream is ours.
    let second = "m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0\r\n";
    check(second, Ok((0, Law::Mu, None, Both, at)));
    check("m=audio 0 RTP/AVP 0\r\n", Err(SdpError::NoAudio));
    check("m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n", Err(SdpError::NoAudio));
    check("m=audio 4000 RTP/AVP 18\r\n", Err(SdpError::NoFormat));
    check("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 media.example.com\r\n", Err(SdpError::NoAddress));
    check("m=audio\r\n", Err(SdpError::Line(6)));
    check("nonsense\r\n", Err(SdpError::Line(6)));
    check("", Err(SdpError::NoAudio));
    let many = "m=audio 4000 RTP/AVP 18\r\n".repeat(MEDIA_MAX + 1);
    check(&many, Err(SdpError::Line(6 + MEDIA_MAX)));
    let nowhere = b"v=0\r\nm=audio 4000 RTP/AVP 0\r\n";
    assert_eq!(local(Encryption::Off).agree(nowhere), Err(SdpError::NoAddress));
    assert_eq!(local(Encryption::Off).agree(&[0xFF; 4]), Err(SdpError::Unreadable));
    assert_eq!(local(Encryption::Off).agree(&[b'a'; SDP_BYTES_MAX + 1]), Err(SdpError::Unreadable));
}

#[test]
fn reports_go_where_they_are_wanted() {
    let at = |media: &str| {
        let agreed = local(Encryption::Off).agree(described(media).as_bytes()).unwrap();
        agreed.remote_rtcp.to_string()
    };
    assert_eq!(at("m=audio 4000 RTP/AVP 0\r\n"), "192.0.2.1:4001");
    assert_eq!(at("m=audio 4000 RTP/AVP 0\r\na=rtcp:5000\r\n"), "192.0.2.1:5000");
    let elsewhere = "m=audio 4000 RTP/AVP 0\r\na=rtcp:5000 IN IP4 192.0.2.7\r\n";
    assert_eq!(at(elsewhere), "192.0.2.7:5000");
    assert_eq!(at("m=audio 65535 RTP/AVP 0\r\n"), "192.0.2.1:65535");
}

#[test]
fn offers_of_theirs_are_answered() {
    let mut ours = local(Encryption::Off);
    ours.offer();
    let hold = described(
        "m=audio 4000 RTP/AVP 8 0 96\r\na=rtpmap:96 telephone-event/8000\r\na=sendonly\r\n\
         m=video 4002 RTP/AVP 31 32\r\n",
    );
    let (answer, agreed) = ours.answer(hold.as_bytes()).unwrap();
    let expected = "m=audio 20000 RTP/AVP 8 96\r\na=rtpmap:8 PCMA/8000\r\n\
                    a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-15\r\na=ptime:20\r\n\
                    a=recvonly\r\nm=video 0 RTP/AVP 31 32\r\n";
    assert!(answer.ends_with(expected), "{answer}");
    assert!(answer.contains("o=- 1730000000 2 IN"), "another content, another version: {answer}");
    assert_eq!((agreed.law, agreed.direction), (Law::A, Direction::ReceiveOnly));
    assert_eq!((agreed.events, agreed.receive_events), (Some(96), Some(96)));
    let (again, _) = ours.answer(hold.as_bytes()).unwrap();
    assert_eq!(again, answer, "a refresh changes nothing");
    let resumed = described("m=audio 4000 RTP/AVP 8\r\n");
    let (answer, agreed) = ours.answer(resumed.as_bytes()).unwrap();
    assert!(answer.contains(" 3 IN IP4") && answer.contains("a=sendrecv"), "{answer}");
    assert_eq!(agreed.direction, Direction::Both);
    // What we said is understood by one of ours.
    let peer = local(Encryption::Off).agree(answer.as_bytes()).unwrap();
    assert_eq!((peer.law, peer.direction), (Law::A, Direction::Both));
}

#[test]
fn keys() {
    use Encryption::{Off, Optional, Required};
    let strong = key(Suite::AesCm128HmacSha1With80, 1);
    let line = |text: String| format!("a=crypto:{text}\r\n");
    let secure = "m=audio 4000 RTP/SAVP 0\r\n";
    let plain = "m=audio 4000 RTP/AVP 0\r\n";
    let check = |encryption, media: String, expected: Result<Option<Suite>, SdpError>| {
        let answer = described(&media);
        let mut ours = local(encryption);
        let agreed = ours.agree(answer.as_bytes());
        let suite = agreed.map(|agreed| agreed.crypto.map(|(_, theirs)| theirs.suite));
        assert_eq!(suite, expected, "{encryption:?} {media}");
        let answered = ours.answer(answer.as_bytes());
        let suite = answered.map(|(_, agreed)| agreed.crypto.map(|(_, theirs)| theirs.suite));
        assert_eq!(suite, expected, "answering, {encryption:?} {media}");
    };
    let suite = Some(Suite::AesCm128HmacSha1With80);
    let keyed = |media: &str| format!("{media}{}", line(strong.to_string()));
    check(Off, plain.into(), Ok(None));
    check(Off, keyed(plain), Ok(None));
    check(Off, keyed(secure), Err(SdpError::Encryption));
    check(Optional, plain.into(), Ok(None));
    check(Optional, keyed(plain), Ok(suite));
    check(Optional, keyed(secure), Ok(suite));
    check(Required, plain.into(), Err(SdpError::Encryption));
    check(Required, secure.into(), Err(SdpError::Encryption));
    check(Required, keyed(secure), Ok(suite));
    let weak = key(Suite::AesCm128HmacSha1With32, 1);
    let weak = format!("{secure}{}", line(format!("{weak}|2^20")));
    check(Required, weak, Ok(Some(Suite::AesCm128HmacSha1With32)));
    for bad in [
        format!("{strong}|2^20|1:4"),
        format!("{strong} UNENCRYPTED_SRTP"),
        "1 AES_CM_256_HMAC_SHA1_80 inline:AAAA".into(),
        "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA".into(),
        "1 AES_CM_128_HMAC_SHA1_80 inline:~".into(),
        "1".into(),
    ] {
        check(Required, format!("{secure}{}", line(bad)), Err(SdpError::Encryption));
    }
    let offer = local(Required).offer();
    assert!(
        offer.contains("RTP/SAVP 0 8 101") && offer.contains("a=crypto:2 AES_CM_128"),
        "{offer}"
    );
    assert!(!format!("{strong:?}").contains("AQEB"), "a log shows no keys");
}

#[test]
fn no_description_makes_it_panic() {
    let mut random = Random::new(5);
    let strong = key(Suite::AesCm128HmacSha1With80, 1);
    let whole = described(&format!(
        "m=audio 4000 RTP/SAVP 0 8 96\r\nc=IN IP4 192.0.2.9\r\na=rtpmap:96 telephone-event/8000\r\n\
         a=rtcp:5000 IN IP4 192.0.2.7\r\na=crypto:{strong}\r\na=sendonly\r\nm=video 1 RTP/AVP 3\r\n"
    ));
    let mut ours = local(Encryption::Optional);
    for _ in 0..30_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..random.below(8) {
            let at = random.below(bytes.len() as u64);
            match random.below(3) {
                0 => bytes[at] = random.next() as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b" =:/\r\n09"[random.below(8)]),
            }
        }
        let _ = ours.agree(&bytes);
        let _ = ours.answer(&bytes);
    }
}
