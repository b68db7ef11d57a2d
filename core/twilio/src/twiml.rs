//! What Twilio does once somebody answers: it connects a media stream, both ways.

/// Longest document that a request to create a call may carry.
pub const TWIML_CHARS_MAX: usize = 4000;
/// Of a parameter's name and value together.
const PARAMETER_CHARS_MAX: usize = 499;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TwimlError {
    #[error("a stream is reached by wss:// (or, on this machine, ws://), not {0:?}")]
    Scheme(String),
    #[error("Twilio drops the query of a stream's URL: put it into parameters")]
    Query,
    #[error("the parameter {0:?} is longer than Twilio takes")]
    Parameter(String),
    #[error("the document has {0} characters, at most {TWIML_CHARS_MAX} are taken")]
    TooLong(usize),
}

/// Connects to `url`. Nothing follows, so the call ends with the stream.
pub fn connect(url: &str, parameters: &[(&str, &str)]) -> Result<String, TwimlError> {
    if !url.starts_with("wss://") && !url.starts_with("ws://") {
        return Err(TwimlError::Scheme(url.to_owned()));
    }
    if url.contains(['?', '#']) {
        return Err(TwimlError::Query);
    }
    let mut text = String::from("<Response><Connect><Stream url=\"");
    escape(url, &mut text);
    text.push_str("\">");
    for (name, value) in parameters {
        if name.chars().count() + value.chars().count() > PARAMETER_CHARS_MAX {
            return Err(TwimlError::Parameter((*name).to_owned()));
        }
        text.push_str("<Parameter name=\"");
        escape(name, &mut text);
        text.push_str("\" value=\"");
        escape(value, &mut text);
        text.push_str("\"/>");
    }
    text.push_str("</Stream></Connect></Response>");
    let chars = text.chars().count();
    if chars > TWIML_CHARS_MAX {
        return Err(TwimlError::TooLong(chars));
    }
    Ok(text)
}

/// For the value of an attribute. What XML 1.0 cannot hold at all is left out.
fn escape(value: &str, text: &mut String) {
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&apos;"),
            '\t' => text.push_str("&#9;"),
            '\n' => text.push_str("&#10;"),
            '\r' => text.push_str("&#13;"),
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_connected_with_its_parameters() {
        let text =
            connect("wss://a.example/s/t", &[("token", "t"), ("note", "a<b & \"c\"\n'd'\0")]);
        assert_eq!(
            text.unwrap(),
            "<Response><Connect><Stream url=\"wss://a.example/s/t\">\
             <Parameter name=\"token\" value=\"t\"/>\
             <Parameter name=\"note\" value=\"a&lt;b &amp; &quot;c&quot;&#10;&apos;d&apos;\"/>\
             </Stream></Connect></Response>"
        );
    }

    #[test]
    fn what_twilio_would_not_take_is_an_error_here() {
        let scheme = connect("https://a.example", &[]);
        assert_eq!(scheme, Err(TwimlError::Scheme("https://a.example".into())));
        assert_eq!(connect("wss://a.example/?a=b", &[]), Err(TwimlError::Query));
        let long = "x".repeat(498);
        assert!(connect("wss://a.example", &[("n", &long)]).is_ok());
        let longer = "x".repeat(499);
        let error = connect("wss://a.example", &[("n", &longer)]);
        assert_eq!(error, Err(TwimlError::Parameter("n".into())));
        let many = [("n", long.as_str()); 9];
        assert!(matches!(connect("wss://a.example", &many), Err(TwimlError::TooLong(_))));
    }
}
