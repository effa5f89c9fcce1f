using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of accounts and their passwords, which it keeps as slow hashes.</summary>
/// <remarks>
/// Mutations made within <see cref="Auditing.IServiceStore.Transact"/> are a part of its transaction, in this port and all others of the
/// service's own book. Members throw <see cref="Galleries.Errors.StoreException"/> when the store cannot be used.
/// </remarks>
public interface IAccounts
{
    /// <summary>Every account, by name.</summary>
    IReadOnlyList<Account> List();

    /// <summary>The account of an id; null when there is none.</summary>
    Account? Find(string id);

    /// <summary>Whether there is any account.</summary>
    bool Any();

    /// <summary>The oldest administrator of the service that is not shut out, or null.</summary>
    Account? Administrator();

    /// <summary>Adds an account; null when the name is taken. Names that differ in case only are one.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="name">The name it signs in with.</param>
    /// <param name="organisation">Its organisation, which is there.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="password">Its password; null for an account that uses keys only.</param>
    Account? Add(BookChange change, string name, string organisation, IEnumerable<string> roles, string? password);

    /// <summary>Changes what is not null, and signs the account out everywhere; null when there is no such account.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The account.</param>
    /// <param name="roles">The new roles.</param>
    /// <param name="disabled">Whether it is shut out.</param>
    /// <param name="password">The new password.</param>
    /// <exception cref="Errors.CodedException"><see cref="Errors.ErrorCodes.LastAdministrator"/>: the last administrator of the service
    /// would be gone;
    /// nothing is changed.</exception>
    Account? Change(BookChange change, string id, IReadOnlyList<string>? roles, bool? disabled, string? password);

    /// <summary>Checks a password. It takes as long whether or not there is such a name.</summary>
    /// <returns>Whether it is right, and the account where there is one with a password that is not shut out.</returns>
    (bool Right, Account? Account) Check(string name, string password);
}
