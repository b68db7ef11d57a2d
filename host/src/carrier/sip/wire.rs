//! Between the SIP library and the wire: credentials are spelled as the RFC does, and an answer without a
//! contact gets one, since the library would leave it unacknowledged.

use rsipstack::sip::headers::untyped::{
    Authorization, Contact, ProxyAuthenticate, ProxyAuthorization, WwwAuthenticate,
};
use rsipstack::sip::{Header, HeadersExt as _, Method, Response, SipMessage};
use rsipstack::transaction::endpoint::MessageInspector;
use rsipstack::transport::SipAddr;
use sip::challenge;

pub(super) struct Spelling;

impl MessageInspector for Spelling {
    fn before_send(&self, mut message: SipMessage, _to: Option<&SipAddr>) -> SipMessage {
        if let SipMessage::Request(request) = &mut message {
            for header in request.headers.iter_mut() {
                match header {
                    Header::Authorization(Authorization(value))
                    | Header::ProxyAuthorization(ProxyAuthorization(value)) => {
                        *value = challenge::on_the_wire(value);
                    }
                    _ => {}
                }
            }
        }
        message
    }

    fn after_received(&self, mut message: SipMessage, from: Option<&SipAddr>) -> SipMessage {
        if let SipMessage::Response(response) = &mut message {
            match response.status_code.code() {
                401 | 407 => choose_challenge(response),
                200..=299 => add_contact(response, from),
                _ => {}
            }
        }
        message
    }
}

/// Only the one that is answered stays.
fn choose_challenge(response: &mut Response) {
    let mut to_user = Vec::new();
    let mut to_proxy = Vec::new();
    for header in response.headers.iter() {
        match header {
            Header::WwwAuthenticate(WwwAuthenticate(value)) => to_user.push(value.clone()),
            Header::ProxyAuthenticate(ProxyAuthenticate(value)) => to_proxy.push(value.clone()),
            _ => {}
        }
    }
    response.headers.retain(|header| {
        !matches!(header, Header::WwwAuthenticate(_) | Header::ProxyAuthenticate(_))
    });
    let user = challenge::choose(to_user.iter().map(String::as_str));
    let proxy = challenge::choose(to_proxy.iter().map(String::as_str));
    if let Some(chosen) = user {
        response.headers.push(Header::WwwAuthenticate(WwwAuthenticate(chosen)));
    }
    if let Some(chosen) = proxy {
        response.headers.push(Header::ProxyAuthenticate(ProxyAuthenticate(chosen)));
    }
}

fn add_contact(response: &mut Response, from: Option<&SipAddr>) {
    let to_invite = response.cseq_header().and_then(|cseq| cseq.method());
    let missing = response.contact_header().is_err();
    if let (Ok(Method::Invite), true, Some(from)) = (to_invite, missing, from) {
        let contact = format!("<sip:{}>", from.addr);
        response.headers.push(Header::Contact(Contact(contact)));
    }
}
