"""One module for each data type that the server offers over JMAP."""
