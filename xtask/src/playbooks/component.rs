//! Makes a core module a component, and refuses one that imports anything.

use anyhow::{Context, Result, bail};
use wit_component::{ComponentEncoder, DecodedWasm};

pub(crate) fn encode(module: &[u8]) -> Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .module(module)
        .context("the module does not fit the playbook world; is `export!` missing?")?
        .validate(true)
        .encode()
        .context("the module does not fit the playbook world; is `export!` missing?")?;
    refuse_imports(&component)?;
    Ok(component)
}

/// An import of an interface that only names types grants nothing; anything else is refused.
fn refuse_imports(component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(resolve, world) = wit_component::decode(component)? else {
        bail!("the result is a package of interfaces, not a component");
    };
    for key in resolve.worlds[world].imports.keys() {
        let name = resolve.name_world_key(key);
        let only_types = resolve.interfaces.iter().any(|(id, interface)| {
            let resource =
                interface.types.values().any(|id| resolve.types[*id].kind.as_str() == "resource");
            resolve.id_of(id).as_deref() == Some(&name)
                && interface.functions.is_empty()
                && !resource
        });
        if !only_types {
            bail!("the component imports {name}; a playbook imports nothing");
        }
    }
    Ok(())
}
