import Linearizability

/// The plain history as the checker's history of a register.
func registerHistory(_ operations: [PlainOperation]) -> [Operation<
  RegisterAction<Int>, RegisterResponse<Int>
>] {
  operations.map { operation in
    let action: RegisterAction<Int> =
      switch operation.action {
      case .read: .read
      case .write(let value): .write(value)
      case .delete: .delete
      case .compareAndSet(let expected, let new): .compareAndSet(expected: expected, new: new)
      case .append: preconditionFailure("a register takes no append")
      }
    return translate(operation, action) { response in
      switch response {
      case .done: .done
      case .read(let value): .value(value.first)
      case .swapped(let swapped): .swapped(swapped)
      }
    }
  }
}

/// The plain history as the checker's history of a list.
func listHistory(_ operations: [PlainOperation], digests: Bool = false) -> [Operation<
  ListAction<Int>, ListResponse<Int>
>] {
  operations.map { operation in
    let action: ListAction<Int> =
      switch operation.action {
      case .read: .read
      case .append(let element): .append(element)
      case .write, .delete, .compareAndSet: preconditionFailure("a list takes appends and reads")
      }
    return translate(operation, action) { response in
      switch response {
      case .done: .appended
      case .read(let value):
        digests && value.count % 2 == 1 ? .digest(ListDigest(value)) : .list(value)
      case .swapped: preconditionFailure("a list swaps nothing")
      }
    }
  }
}

/// The plain history as the checker's history of text, a letter for each number.
func textHistory(_ operations: [PlainOperation]) -> [Operation<
  TextAction, RegisterResponse<ByteText>
>] {
  func text(_ value: [Int]) -> ByteText { ByteText(value.map { 97 + UInt8($0) }) }
  return operations.map { operation in
    let action: TextAction =
      switch operation.action {
      case .read: .register(.read)
      case .write(let value): .register(.write(text([value])))
      case .delete: .register(.delete)
      case .compareAndSet(let expected, let new):
        .register(.compareAndSet(expected: text([expected]), new: text([new])))
      case .append(let element): .append(text([element]))
      }
    return translate(operation, action) { response in
      switch response {
      case .done: .done
      case .read(let value): .value(text(value))
      case .swapped(let swapped): .swapped(swapped)
      }
    }
  }
}

private func translate<Action, Response>(
  _ operation: PlainOperation, _ action: Action, _ response: (PlainResponse) -> Response
) -> Operation<Action, Response> {
  let outcome: Outcome<Response> =
    if operation.failed {
      .failed
    } else if let returned = operation.returned, let given = operation.response {
      .returned(response(given), at: returned)
    } else {
      .unknown
    }
  return Operation(
    client: UInt64(operation.client), action: action, invoked: operation.invoked, outcome: outcome)
}

extension Checker {
  /// Judges operations as one partition.
  func check(_ operations: [Operation<Model.Action, Model.Response>]) -> Judgement {
    check([Partition(name: "", operations: operations)])
  }
}
