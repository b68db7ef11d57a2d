//! Where a list goes on, in two headers.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

static NEXT_PAGE: HeaderName = HeaderName::from_static("x-next-page-token");

/// `X-Next-Page-Token`, and the same list from there on as `Link`.
pub(super) fn next_page(uri: &Uri, token: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let Some(token) = token else { return headers };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if name != "page_token" {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair("page_token", token);
    let link = format!("<{}?{}>; rel=\"next\"", uri.path(), query.finish());
    let plain = "cursors, paths and encoded queries are plain ASCII";
    headers.insert(NEXT_PAGE.clone(), HeaderValue::from_str(token).expect(plain));
    headers.insert(header::LINK, HeaderValue::from_str(&link).expect(plain));
    headers
}
