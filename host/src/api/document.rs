//! What all operations have in common, added to the document in one place.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::{
    Content, HeaderBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response,
    ResponseBuilder, Schema, Type,
};

const REGISTER: &str = "/v1/auth/register";

pub(super) fn complete(document: &mut OpenApi) {
    // The router's word for "the rest of the path" is not OpenAPI's.
    let paths = std::mem::take(&mut document.paths.paths);
    document.paths.paths =
        paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    let schemas = document.components.as_ref().map(|all| all.schemas.clone()).unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        let PathItem { get, post, put, patch, delete, .. } = item;
        if let Some(post) = post.as_mut().filter(|post| post.security.is_some()) {
            once(post);
        }
        for operation in [get, post, put, patch, delete].into_iter().flatten() {
            if operation.security.is_some() || path == REGISTER {
                operation.responses.responses.insert("429".into(), limited().into());
            }
            let Some(RefOr::T(body)) = &mut operation.request_body else { continue };
            if may_be_empty(body, &schemas) {
                body.required = Some(Required::False);
            }
            let slow = error("The body did not arrive in time").build();
            operation.responses.responses.insert("408".into(), slow.into());
        }
    }
}

/// No body at all is an empty object, which is enough where no field is required.
fn may_be_empty(body: &RequestBody, schemas: &BTreeMap<String, RefOr<Schema>>) -> bool {
    let Some(RefOr::T(content)) = body.content.get("application/json") else { return false };
    let Some(RefOr::Ref(named)) = &content.schema else { return false };
    let name = named.ref_location.rsplit('/').next().unwrap_or_default();
    let schema = schemas.get(name);
    matches!(schema, Some(RefOr::T(Schema::Object(object))) if object.required.is_empty())
}

fn once(operation: &mut Operation) {
    let key = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[ -~]+$"))
        .examples([serde_json::json!("6f1c2b9e-steel-inquiry")]);
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Makes the request safe to repeat: for 24 hours a repetition gets the first answer, with \
             `Idempotent-Replayed: true`",
        ))
        .schema(Some(key))
        .build();
    operation.parameters.get_or_insert_default().push(parameter.into());
    let text = "The first request with this `Idempotency-Key` is being answered, or nobody knows what \
                came of it";
    let conflict = error(text).build();
    let responses = &mut operation.responses.responses;
    responses.entry("409".into()).or_insert(conflict.into());
    responses.entry("422".into()).or_insert(error("Not valid").build().into());
}

fn limited() -> Response {
    let retry_after = HeaderBuilder::new()
        .description(Some("Seconds until the request is admitted"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .build();
    error("Too many requests within a minute").header("Retry-After", retry_after).build()
}

fn error(description: &str) -> ResponseBuilder {
    let body = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ErrorBody"))));
    ResponseBuilder::new().description(description).content("application/json", body)
}
